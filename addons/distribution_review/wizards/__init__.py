from . import distribution_review_outcome
