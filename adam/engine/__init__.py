"""A plan and the source frames of some subjects become analysis frames and findings. No file is read or written, nothing is printed."""
