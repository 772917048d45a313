"""How travel is felt: weights of its parts in minutes of riding, for whoever compares ways."""

# Wardman 2004, "Public transport values of time", Transport Policy 11: walking and waiting are felt
# about twice as long as riding.
WALK_WEIGHT = 2.0
WAIT_WEIGHT = 2.0
# Wardman, Hine and Stradling 2001, "Interchange and travel choice": a change of vehicle is felt as
# some 5 minutes and more.
TRANSFER_MIN = 5.0
# Assumption, near the Korean guideline values for non-business trips by car.
VALUE_OF_TIME_WON_H = 10_000.0
# Assumptions: won for each kilometre by one's own car, fuel only: 1,650 a litre at 11 km a litre.
CAR_WON_KM = 150.0
