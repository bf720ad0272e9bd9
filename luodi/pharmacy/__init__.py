"""药 · pharmacy: prescription review, dispensing, stock by lot."""
