"""What importers of reference models share: a list of defects, files read leniently, texts of models, files that are not overwritten.

An importer takes what it can, and tells everything else: each defect says where it is, what was found and what was done about it.
"""
