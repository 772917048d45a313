"""People who earn, shop, are short of money, vote and lose phones; the shops and the city office.

What they do goes through the same actions as in a living city: `errands` is the day's course,
`purses` what people have beside the city's book, `spending` how much they want to spend.
"""
