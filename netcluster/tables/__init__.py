"""Tables: input–output, supply and use, trade, employment, firms and links, and the readers that make them."""
