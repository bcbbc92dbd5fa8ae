"""What the law says: plain Python, standard library only. Facts go in, duties come out, every duty says why."""
