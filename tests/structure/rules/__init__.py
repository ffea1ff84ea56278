"""The rules of the repository, each a function from a suite of addons to its findings.

A suite is what `setup/suite.py` reads from a folder: the addons by name. A finding is a
sentence that names the file, and where there is one the line.
"""

from . import files, layers, manifests, python_code, rights

# Every rule, in the order in which a reader would want to hear of them.
RULES = [
    layers.depends_point_downward,
    layers.only_known_addons,
    layers.nothing_depends_on_the_top,
    layers.engines_know_no_document,
    layers.glue_joins_two_parents,
    layers.depends_on_community_alone,
    manifests.keys_are_in_order,
    manifests.version_is_of_odoo_19,
    manifests.licence_is_the_suites,
    manifests.data_are_in_order,
    manifests.data_files_exist,
    rights.models_have_rights,
    rights.rights_name_a_group,
    rights.company_models_have_a_company_rule,
    rights.company_models_check_companies,
    python_code.sudo_is_explained,
    python_code.messages_can_be_translated,
    python_code.constraints_are_objects,
    python_code.methods_are_short,
    files.files_are_short,
    files.readme_is_there,
    files.addon_can_be_packaged,
]
