"""Linear neural ordinary differential equations as gauge theories in one dimension, time.

- `gauge`: gauge transformation and time reparametrisation of weights and of layers; flows-and-diffeomorphisms, weights-as-gauge-fields
- `lines`: weights to layers, layers to Wilson lines; weights-as-gauge-fields, gauge-fixing
"""
