"""Small pure tools that every room uses: time, ids, money and signatures."""
