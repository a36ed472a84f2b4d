// Package truth compares what lostrelease and holdwait say of generated functions with what happens when they are run.
package truth_test

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/poolvet/poolvet/analyzer/internal/truth/execute"
	"github.com/poolvet/poolvet/analyzer/internal/truth/program"
)

var (
	number  = flag.Int("functions", 2000, "how many functions to generate")
	first   = flag.Int("first", 0, "the number of the first one")
	seed    = flag.Uint64("seed", 1, "what the functions follow from")
	size    = flag.Int("batch", 1000, "how many functions are built into one program")
	runs    = flag.Int("runs", 200, "how many inputs of a function are tried at most")
	smaller = flag.Bool("shrink", false, "make the functions of disagreements smaller")
)

const testdata = "../../../testdata"

// TestGenerated is the comparison, and the command for as many functions as are wanted.
func TestGenerated(t *testing.T) {
	all := &judged{bad: map[string]int{}, agree: map[string]int{}, places: tally{}}
	for from := *first; from < *first+*number; from += *size {
		var funcs []*program.Function
		for i := from; i < min(from+*size, *first+*number); i++ {
			funcs = append(funcs, program.Generate(*seed, i))
		}
		all.add(judge(t, funcs, execute.Options{Deep: 2, Runs: *runs}))
	}
	for _, fault := range all.faults {
		t.Error(fault)
	}
	open := all.open
	if *smaller {
		open = shrink(t, open)
	}
	for _, d := range open {
		t.Log(d.text())
	}
	t.Log(all.report())
}

// report is the figures.
func (j *judged) report() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d functions, %d runs; of %d not all inputs were tried\n", j.functions, j.runs, j.capped)
	for _, rule := range []string{"lostrelease", "holdwait"} {
		fmt.Fprintf(&b, "%s: %d functions are bad; of %d both say the same\n", rule, j.bad[rule], j.agree[rule])
	}
	for _, place := range slices.Sorted(maps.Keys(j.places)) {
		fmt.Fprintf(&b, "%6d  %s\n", j.places[place], place)
	}
	return b.String()
}
