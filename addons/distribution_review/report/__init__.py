from . import distribution_review_trend
