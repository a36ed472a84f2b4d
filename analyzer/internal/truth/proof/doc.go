// Package proof has tests that run programs against a database and compare what is measured with what the pages say: the examples of
// the rules, and the story of the README.
//
// The programs are in the module in testdata, with the real libraries. They are started with a server of package pgtest, print counts
// and states, and what they print is committed. The flag -update writes it instead of comparing.
package proof
