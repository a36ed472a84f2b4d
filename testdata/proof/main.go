// Command proof runs the examples of a rule's page against a database and prints what happens to the connections.
//
// usage: DATABASE_URL=… ADMIN_URL=… proof rule
//
// DATABASE_URL is of an ordinary role, ADMIN_URL of a superuser, both on a server that nobody else uses. The command prints counts
// and states, and no durations: each line comes from a state in which nothing can change any more until the command lets it. What it
// prints is committed as measured.txt beside the examples.
package main

import (
	"fmt"
	"os"

	"example.com/poolvet/testdata/proof/fanout"
	"example.com/poolvet/testdata/proof/holdwait"
	"example.com/poolvet/testdata/proof/lostrelease"
	"example.com/poolvet/testdata/proof/measure"
	"example.com/poolvet/testdata/proof/nodeadline"
	"example.com/poolvet/testdata/proof/poollimit"
	"example.com/poolvet/testdata/proof/slowhold"
	"example.com/poolvet/testdata/proof/straypool"
)

var proofs = map[string]func(*measure.Lab){
	"straypool":   straypool.Measure,
	"lostrelease": lostrelease.Measure,
	"fanout":      fanout.Measure,
	"holdwait":    holdwait.Measure,
	"poollimit":   poollimit.Measure,
	"slowhold":    slowhold.Measure,
	"nodeadline":  nodeadline.Measure,
}

func main() {
	if len(os.Args) != 2 || proofs[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: DATABASE_URL=… ADMIN_URL=… proof rule")
		os.Exit(2)
	}
	lab := measure.Open(os.Getenv("DATABASE_URL"), os.Getenv("ADMIN_URL"))
	defer lab.Close()
	proofs[os.Args[1]](lab)
}
