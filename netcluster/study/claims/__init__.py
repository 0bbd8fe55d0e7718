"""What is claimed of industrial clusters, and the measures that check it: places, links, economy, people, firms."""
