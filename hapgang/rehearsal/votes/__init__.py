"""A consultation in a rehearsal, by the same actions as in a living city.

What is simulated, plainly: who means to vote, when and for what is drawn. A sample of the voters
(`sealed_pct`) really takes a blinded token, seals a ballot and has its proofs checked; all others
vote on paper at a desk, which crosses them off the same roll, since sealing all of them would take
longer than the day. Three trustees of the rehearsal itself make the key and open the sum; whoever
knows the seed knows their keys, so nothing here is secret.
"""
