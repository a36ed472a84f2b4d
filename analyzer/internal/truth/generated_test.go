// Package truth compares what lostrelease and holdwait say of generated functions with what happens when they are run.
package truth_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/poolvet/poolvet/analyzer/internal/truth/execute"
	"github.com/poolvet/poolvet/analyzer/internal/truth/program"
)

var (
	number = flag.Int("functions", 2000, "how many functions to generate")
	first  = flag.Int("first", 0, "the number of the first one")
	seed   = flag.Uint64("seed", 1, "what the functions follow from")
	size   = flag.Int("batch", 2000, "how many functions are built into one program")
	runs   = flag.Int("runs", 600, "how many inputs of a function are tried at most")
)

const testdata = "../../../testdata"

func TestGenerated(t *testing.T) {
	for from := *first; from < *first+*number; from += *size {
		var funcs []*program.Function
		for i := from; i < min(from+*size, *first+*number); i++ {
			funcs = append(funcs, program.Generate(*seed, i))
		}
		compare(t, funcs)
	}
}

func compare(t *testing.T, funcs []*program.Function) {
	b := execute.Write(t, testdata, funcs)
	start := time.Now()
	said := verdicts(t, b)
	fmt.Println("verdicts", time.Since(start))
	start = time.Now()
	results := b.Run(t, execute.Options{Deep: 2, Runs: *runs})
	fmt.Println("results", time.Since(start))
	total, capped, nruns := 0, 0, 0
	sites := map[string]int{}
	for i, r := range results {
		total++
		nruns += r.Runs
		if r.Capped {
			capped++
		}
		if r.Fault != "" {
			fmt.Println("FAULT", r.Name, r.Fault)
		}
		show := func(what string, x any) {
			src, _ := funcs[i].Source("p")
			fmt.Println("DISAGREE", what, x, "\n", strings.TrimSpace(string(src)))
			fmt.Printf("%+v\n%v\n\n", r, said[r.Name])
		}
		for rule, bad := range map[string][]execute.Site{"lostrelease": r.Leaks, "holdwait": r.Waits} {
			if rule == "holdwait" && funcs[i].Concurrent() {
				said := slices.ContainsFunc(said[r.Name], func(f finding) bool { return f.rule == rule })
				switch {
				case said && r.Blocks == "":
					sites[rule+" alarm concurrent"]++
					show("alarm "+rule+" concurrent", "")
				case !said && r.Blocks != "":
					sites[rule+" miss concurrent"]++
					show("miss "+rule+" concurrent", "")
				case said:
					sites[rule+" caught concurrent"]++
				}
				continue
			}
			for _, s := range bad {
				if slices.ContainsFunc(said[r.Name], func(f finding) bool { return f.rule == rule && slices.Contains(s.Lines, f.line) }) {
					sites[rule+" caught"]++
				} else {
					sites[rule+" missed"]++
					show("miss "+rule, s)
				}
			}
			for _, f := range said[r.Name] {
				if f.rule != rule {
					continue
				}
				near := bad
				if rule == "holdwait" {
					near = slices.Concat(bad, r.Lost)
				}
				if !slices.ContainsFunc(near, func(s execute.Site) bool { return slices.Contains(s.Lines, f.line) }) {
					if r.Capped {
						sites[rule+" unproven"]++
					} else {
						sites[rule+" alarm"]++
						show("alarm "+rule, f)
					}
				}
			}
		}
	}
	fmt.Fprintln(os.Stdout, "TOTAL", total, "capped", capped, "runs", nruns, sites)
}
