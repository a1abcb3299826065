"""Hidden units that can be turned up on one side and down on the other, and the frames of an attention layer.

- `relu_units`: rescaling of hidden units, the balanced choice, and descents from many starts at once; rescaling-and-attention
- `attention_frames`: changes of frame that leave a self-attention layer as it was; rescaling-and-attention
"""
