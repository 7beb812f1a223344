"""Quizzes over Shopify exports as they come."""

APPAREL = """\
title: Find your next outfit
promise: Three pieces that suit your season and your budget.
minutes: 1
catalog: {file: shopify-apparel.csv, currency: USD, product_url: "https://shop.example/products/{handle}"}
questions:
  - id: who
    ask: Who is it for?
    pick: one
    choices:
      - {id: women, label: A woman, requires: [tag:women]}
      - {id: men, label: A man, requires: [tag:men]}
      - {id: anyone, label: Anyone}
  - id: bag
    ask: Would a bag do as well?
    when: {who: [women, anyone]}
    pick: one
    choices:
      - {id: "yes", label: "Yes", favours: {product:black-leather-bag: 2}}
      - {id: "no", label: Clothes only, excludes: [product:black-leather-bag]}
  - id: season
    ask: For which season?
    pick: one
    choices:
      - {id: summer, label: Summer, favours: {product:silk-summer-top: 3}}
      - {id: winter, label: Winter, favours: {product:dark-winter-jacket: 3, product:yellow-wool-jumper: 2}}
  - id: moments
    ask: When will it be worn?
    pick: many
    none_label: Nothing in particular
    choices:
      - {id: sport, label: Sport, favours: {product:red-sports-tee: 2, product:navy-sport-jacket: 2}}
      - {id: party, label: A party, favours: {product:blue-silk-tuxedo: 2, product:striped-silk-blouse: 1}}
  - id: bold
    ask: How bold may it be?
    pick: scale
    scale: {from: 1, to: 5, step: 1, low: Quiet, high: Loud}
    optional: true
  - id: budget
    ask: What would you like to spend at most?
    pick: scale
    scale: {from: 50, to: 100, step: 10, unit: USD}
    limits: price
offer: {show: 3, headline: Your outfit, skip_label: See all outfits}
"""

HOME = """\
title: Make yourself at home
promise: Three things for your room or your garden.
minutes: 1
catalog: {file: shopify-home-and-garden.csv, currency: EUR, product_url: "https://shop.example/products/{handle}"}
questions:
  - id: place
    ask: Where will it stand?
    pick: one
    choices:
      - {id: indoor, label: Indoors, requires: ["type:Indoor"]}
      - {id: outdoor, label: Outdoors, requires: ["type:Outdoor"]}
  - id: room
    ask: In which room?
    when: {place: indoor}
    pick: many
    choices:
      - {id: bedroom, label: Bedroom, favours: {"tag:Bedroom": 2}}
      - {id: living, label: Living room, favours: {"tag:Sofa": 2, "tag:Pillows": 1}}
  - id: green
    ask: Do you garden?
    when: [{place: outdoor}, {room: living}]
    pick: one
    choices:
      - {id: "yes", label: "Yes", favours: {"tag:Plants": 3}}
      - {id: "no", label: Not yet, against: {"tag:Plants": 1}}
  - id: stuff
    ask: Which material do you like?
    pick: one
    choices:
      - {id: wood, label: Wood, favours: {"tag:Wood": 2}}
      - {id: copper, label: Copper, favours: {"tag:Copper": 2}}
  - id: old
    ask: May it be old?
    pick: one
    choices:
      - {id: "yes", label: "Yes", favours: {"tag:Antique": 2}}
      - {id: "no", label: "No", excludes: ["tag:Antique"]}
  - id: light
    ask: How much light does the place get?
    pick: scale
    scale: {from: 1, to: 5, step: 1}
    optional: true
  - id: budget
    ask: What would you like to spend at most?
    pick: scale
    scale: {from: 20, to: 800, step: 20, unit: EUR}
    limits: price
offer: {show: 2, headline: For your home, skip_label: See the whole collection}
"""
