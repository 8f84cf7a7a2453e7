"""Random views over real models, converted by the tool, and tried by the verifier against what they were."""
