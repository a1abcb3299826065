"""A black hole read off labelled boundary data (first part of arXiv:1802.08313).

- `labels`: points, labelled by a known metric, and its critical curve; the-bulk-is-a-network, recovering-a-black-hole,
  the-discretised-bulk
- `training`: an ensemble of networks that learns a metric from them; recovering-a-black-hole, the-discretised-bulk
"""
