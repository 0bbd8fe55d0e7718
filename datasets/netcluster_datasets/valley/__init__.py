"""The demo economy: twelve regions, sixty industries, three thousand firms, and what was planted in it.

`python -m netcluster_datasets.valley FOLDER` writes its files anew, byte for byte as shipped.
"""
