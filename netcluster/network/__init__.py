"""Networks: nodes of several kinds, links in layers; building, transforming, storing and exporting them."""
