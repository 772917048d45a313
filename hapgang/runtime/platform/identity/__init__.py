"""Who somebody is to the city: the register, what others say of people, what is issued of it."""
