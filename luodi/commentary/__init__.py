"""处方点评: prescriptions judged in retrospect, by samples that nobody can steer."""
