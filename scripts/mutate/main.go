// Command mutate finds out what poolvet misses: it breaks a program on purpose and counts how much of that poolvet reports.
//
//	scripts/mutate/run [-n max] [-seed n] [-only operators] [-tsv file] [-v] path/to/program [packages]
//
// A mutant is one change of one function in which poolvet finds nothing: a release is removed or comes too late, a limit is
// gone, the pool stands in for a transaction. What does not type-check is dropped; what has become unused is used. The others are
// analyzed in batches whose mutants cannot disturb each other, as no mutated function may come to another one. All of that is
// done in memory: no file of the program is written.
//
// A mutant is caught if a rule that fits the change has a new finding, in the mutated function or in one that has to do with
// it. All others are listed as survivors, with the place and what speaks for it that the change is harmless.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

var (
	most    = flag.Int("n", 0, "at most this `number` of places; 0: all")
	seed    = flag.Uint64("seed", 1, "`seed` of the choice if there are more than -n")
	only    = flag.String("only", "", "comma-separated `operators`; all if empty")
	tsv     = flag.String("tsv", "", "append one line for each mutant to a `file`")
	verbose = flag.Bool("v", false, "say on standard error what is being done, and list the caught mutants too")
)

func main() {
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: scripts/mutate/run [flags] dir [packages]")
		flag.PrintDefaults()
		fmt.Fprintln(os.Stderr, "operators:")
		for _, op := range operators {
			fmt.Fprintf(os.Stderr, "  %-14s %s\n", op.name, op.does)
		}
	}
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	patterns := flag.Args()[1:]
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	r, err := mutate(flag.Arg(0), patterns, progress)
	if err == nil && *tsv != "" {
		err = r.appendTo(*tsv)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "mutate: %v\n", err)
		os.Exit(1)
	}
	r.print(os.Stdout, *verbose)
}

func progress(format string, args ...any) {
	if *verbose {
		fmt.Fprintf(os.Stderr, time.Now().Format("15:04:05 ")+format+"\n", args...)
	}
}

// mutate makes the mutants of a program and tries them.
func mutate(dir string, patterns []string, progress func(string, ...any)) (*report, error) {
	p, err := load(dir, patterns)
	if err != nil {
		return nil, err
	}
	progress("%d packages loaded", len(p.pkgs))
	j, err := newJudge(p)
	if err != nil {
		return nil, err
	}
	silent := j.silent()
	progress("%d functions, %d of them silent", len(j.all), len(silent))
	r := &report{p: p, program: filepath.Base(p.dir), functions: len(silent), sites: make(map[string]int)}
	var sites []*mutant
	for _, fn := range silent {
		for _, m := range p.mutants(fn) {
			if *only == "" || slices.Contains(strings.Split(*only, ","), m.operator.name) {
				sites = append(sites, m)
			}
		}
	}
	if *most > 0 && len(sites) > *most {
		rand.New(rand.NewPCG(*seed, 0)).Shuffle(len(sites), func(i, k int) { sites[i], sites[k] = sites[k], sites[i] })
		sites = sites[:*most]
	}
	for _, m := range sites {
		if r.sites[m.operator.name]++; p.compiles(m) {
			r.mutants = append(r.mutants, m)
		}
	}
	slices.SortStableFunc(r.mutants, byPlace)
	all := batches(r.mutants, j.reach)
	progress("%d mutants in %d batches", len(r.mutants), len(all))
	for i, batch := range all {
		if err := j.try(batch); err != nil {
			return nil, err
		}
		progress("batch %d of %d: %d mutants", i+1, len(all), len(batch))
	}
	return r, nil
}
