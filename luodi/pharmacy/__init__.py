"""药 · pharmacy: prescription review and dispensing."""
