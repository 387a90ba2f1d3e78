"""Assessment: what stands in a cell, what several people agree on, levels by named methods, gaps, and cycles compared (ASM)."""
