package truth_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/poolvet/poolvet/analyzer/internal/truth/execute"
	"github.com/poolvet/poolvet/analyzer/internal/truth/program"
)

// shrink makes the functions of disagreements as small as they can be while the rule and the runs still disagree in the same way.
// All are made smaller at once: each round builds every smaller form of every function as one batch.
func shrink(t testing.TB, open []disagreement) []disagreement {
	t.Helper()
	current := slices.Clone(open)
	done := make([]bool, len(current)) // it cannot be made smaller
	for round := 0; round < 30; round++ {
		var funcs []*program.Function
		of := make(map[string]int) // the disagreement by the name of a smaller form
		for i, d := range current {
			if done[i] {
				continue
			}
			for _, smaller := range d.f.Smaller() {
				f := smaller.Renamed(len(funcs))
				of[f.Name] = i
				funcs = append(funcs, f)
			}
		}
		if len(funcs) == 0 {
			break // all are as small as they can be
		}
		best := make(map[int]disagreement)
		for _, d := range judge(t, funcs, execute.Options{Deep: 2, Runs: 300}).open {
			i := of[d.f.Name]
			was := current[i]
			if d.rule != was.rule || d.kind != was.kind || weight(d.f) >= weight(was.f) {
				continue // another one
			}
			if b, ok := best[i]; !ok || cmp.Compare(weight(d.f), weight(b.f)) < 0 {
				d.from = was.from
				best[i] = d
			}
		}
		for i := range current {
			b, ok := best[i]
			done[i] = !ok
			if ok {
				current[i] = b
			}
		}
		t.Logf("round %d: %d functions", round, len(funcs))
	}
	return current
}

// weight orders forms by their size.
func weight(f *program.Function) int {
	w := 100*f.Size() + 50*len(f.Helpers) + 10*int(f.Handle)
	if f.Named {
		w += 10
	}
	f.Each(func(n *program.Node) {
		w += n.Style
		if n.Cond != "" && n.Cond != "a" {
			w++
		}
	})
	return w
}

// text returns a function and what is said of it, for a report.
func (d disagreement) text() string {
	source, err := d.f.Source("p")
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s: %s: %s\n\n%s", d.rule, d.kind, d.what, source)
}
