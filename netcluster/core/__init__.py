"""What every room leans on: errors, results, findings, measures, solving, seeds, files."""
