"""Chapter 7: is quantum gravity inside machine learning?"""
