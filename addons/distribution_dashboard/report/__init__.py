from . import distribution_bi_schema
