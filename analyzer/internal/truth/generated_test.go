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
	runs    = flag.Int("runs", 80, "how many inputs of a function are tried at most")
	known   = flag.Bool("known", true, "let the disagreements of known classes pass")
	smaller = flag.Bool("shrink", true, "make the functions of unknown disagreements smaller")
)

const testdata = "../../../testdata"

// TestGenerated is the comparison, and the command for as many functions as are wanted.
func TestGenerated(t *testing.T) {
	all, in := newJudged(), make(map[string]int)
	for from := *first; from < *first+*number; from += *size {
		var funcs []*program.Function
		for i := from; i < min(from+*size, *first+*number); i++ {
			funcs = append(funcs, program.Generate(*seed, i))
		}
		batch := judge(t, funcs, execute.Options{Deep: 2, Runs: *runs})
		all.add(batch)
		for _, fault := range batch.faults {
			t.Error(fault)
		}
		var unknown []disagreement
		for _, d := range batch.open {
			if c := classOf(d); c != nil && *known {
				in[c.String()]++
				t.Logf("%s: %s", d.f.Name, c)
			} else {
				d.from = d.f.Name
				unknown = append(unknown, d)
			}
		}
		if *smaller {
			unknown = shrink(t, unknown)
		}
		for _, d := range unknown {
			t.Errorf("%s of seed %d: %s", d.from, *seed, d.text())
		}
		t.Logf("%d so far: %d disagreements in this batch, %d of them unknown", all.functions, len(batch.open), len(unknown))
	}
	t.Log(all.report())
	for _, c := range classes {
		t.Logf("%6d  %s", in[c.String()], c)
		if in[c.String()] == 0 && fixed() && !c.rare {
			t.Errorf("nothing is in the class any more: %s", c)
		}
	}
}

// fixed reports whether the functions are those that every run of the tests has.
func fixed() bool { return *known && *number == 2000 && *first == 0 && *seed == 1 }

// report is the figures.
func (j *judged) report() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d functions, %d runs; of %d not all inputs were tried\n", j.functions, j.runs, j.capped)
	if j.hang > 0 {
		fmt.Fprintf(&b, "%d do not return, as lostrelease says\n", j.hang)
	}
	for _, rule := range []string{"lostrelease", "holdwait"} {
		fmt.Fprintf(&b, "%s: %d functions are bad; of %d both say the same\n", rule, j.bad[rule], j.agree[rule])
	}
	for _, place := range slices.Sorted(maps.Keys(j.places)) {
		fmt.Fprintf(&b, "%6d  %s\n", j.places[place], place)
	}
	return b.String()
}
