"""Answers to products: the rules' points, the policy, and later what was learnt."""
