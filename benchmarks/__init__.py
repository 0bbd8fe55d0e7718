"""What netcluster costs, side by side with what one would pick instead, as ratios taken in one run."""
