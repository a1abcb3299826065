"""Networks that multiply, and matrices that are chains of tensors.

- `product_pooling`: a network with product pooling as a tree tensor network, with its smallest cuts; products-and-operators
- `chain_layers`: a matrix as a matrix product operator, and networks whose layers are such chains; products-and-operators
"""
