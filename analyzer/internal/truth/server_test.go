package truth_test

import (
	"slices"
	"testing"

	"github.com/poolvet/poolvet/analyzer/internal/pgtest"
	"github.com/poolvet/poolvet/analyzer/internal/truth/execute"
	"github.com/poolvet/poolvet/analyzer/internal/truth/program"
)

// TestServer compares the server in memory with PostgreSQL: functions leak the same, and want a second connection at the same
// places, while nothing goes wrong.
func TestServer(t *testing.T) {
	server := pgtest.Start(t, 400)
	var funcs []*program.Function
	for i := range 100 {
		funcs = append(funcs, program.Generate(*seed, i))
	}
	b := execute.Write(t, testdata, funcs)
	memory := b.Run(t, execute.Options{Runs: *runs})
	for i, r := range b.Run(t, execute.Options{Runs: *runs, Server: server.DSN}) {
		if r.Fault != "" {
			t.Errorf("%s: %s", r.Name, r.Fault)
		}
		if funcs[i].Has(program.Cancel) {
			continue // when it releases is not known
		}
		same := func(x, y execute.Site) bool { return slices.Equal(x.Lines, y.Lines) }
		if m := memory[i]; !slices.EqualFunc(r.Leaks, m.Leaks, same) || !slices.EqualFunc(r.Waits, m.Waits, same) {
			t.Errorf("%s: PostgreSQL says %+v %+v, the server in memory %+v %+v", r.Name, r.Leaks, r.Waits, m.Leaks, m.Waits)
		}
	}
}
