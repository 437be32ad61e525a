"""The entity model that ships: written as int8, and run by ONNX Runtime without torch."""
