package catalog

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/catalog.md instead of comparing with it")

// TestPage holds docs/catalog.md to the rows.
func TestPage(t *testing.T) {
	const file = "../../../docs/catalog.md"
	want := page()
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got, _ := os.ReadFile(file); string(got) != want {
		t.Error("docs/catalog.md is not what the rows say; write it with go test ./analyzer/internal/catalog -update")
	}
}

const pageHead = `<!-- Made from analyzer/internal/catalog; go test ./analyzer/internal/catalog -update writes it. -->

# Catalog

What poolvet knows of each library. It knows nothing else of them: a function without a row leaves nothing with its caller.

- **kind**: *construct* makes a pool; *acquire* leaves a resource with its caller; *release* frees its receiver; *consume* frees an
  argument; *neutral* leaves nothing behind.
- **resource**: what the function makes, leaves, frees or works on.
- **holds**: what that costs. *slot*: one connection of the pool. *slot-if-pool*: one connection if it was taken from a pool,
  otherwise its connection or transaction stays busy. *server*: a server connection outside every pool. *parent*: no new
  connection, but the one it was taken from stays busy.
- **freed by**: the methods that free what was acquired. *Next=false*: only when it returns false. *Scan=err*: only when it
  returns an error. *ctx*: ending the context of the call does it too.
- **measured**: yes if it was observed on a running PostgreSQL, otherwise it was read in the library's source.

What is measured of pgx v5, pgxpool, pgconn, ` + "`stdlib`, `database/sql`" + `, sqlx and lib/pq is measured again by each test:
` + "`TestMeasured`" + ` makes probes from the row, does with the real library what it speaks of, on a pool of two connections, and
compares what the client counts and what ` + "`pg_stat_activity`" + ` shows. A probe takes what the row says is held and looks; has each
thing happen that is said to free it, and the opposite outcome; ends the context; makes the call fail; makes it on an exhausted
pool; makes it on a busy connection; and looks while callbacks run. Over ` + "`database/sql`" + ` it does so with the drivers of pgx and
lib/pq. What is measured of the other libraries was observed once.
`

// page returns the rows of all libraries as Markdown.
func page() string {
	var b strings.Builder
	b.WriteString(pageHead)
	for _, l := range Default().Libraries() {
		fmt.Fprintf(&b, "\n## [%s](%s)\n\n", l.Path, l.Doc)
		b.WriteString("| function | kind | resource | holds | freed by | notes | measured |\n|---|---|---|---|---|---|---|\n")
		for i := range l.Rows {
			b.WriteString(l.Rows[i].line() + "\n")
		}
	}
	return b.String()
}

// line returns the row as one of a table.
func (r *Row) line() string {
	name := "`" + r.Func + "`"
	if r.Recv != "" {
		name = "`(" + r.Recv + ")." + r.Func + "`"
	}
	var freed []string
	for _, e := range r.Freed {
		freed = append(freed, "`"+e.String()+"`")
	}
	if r.CtxFrees {
		freed = append(freed, "ctx")
	}
	holds, measured := "", ""
	if r.Holds != Nothing {
		holds = r.Holds.String()
	}
	if r.Measured {
		measured = "yes"
	}
	cells := []string{name, r.Kind.String(), string(r.Resource), holds, strings.Join(freed, " "), strings.Join(r.notes(), "; "), measured}
	line := "|"
	for _, c := range cells {
		if c == "" {
			line += " |"
			continue
		}
		line += " " + strings.ReplaceAll(c, "|", `\|`) + " |"
	}
	return line
}

// notes returns what else there is to say of the row.
func (r *Row) notes() []string {
	var notes []string
	for _, n := range []struct {
		set  bool
		text string
	}{
		{r.Kind == Consume, fmt.Sprintf("frees argument %d", r.Arg+1)},
		{r.Result == -1 && r.OutArg > 0, fmt.Sprintf("argument %d comes back holding", r.OutArg)},
		{r.Result == -1 && r.OutArg == 0, "the receiver holds"},
		{r.Result > 0, fmt.Sprintf("result %d holds", r.Result+1)},
		{r.Handle > 0, fmt.Sprintf("works on argument %d", r.Handle)},
		{r.Driver > 0, fmt.Sprintf("argument %d names the driver", r.Driver)},
		{r.DSN > 0, fmt.Sprintf("argument %d is the connection string", r.DSN)},
		{r.Transient, "gives the connection back before it returns"},
		{r.Callback, "runs a callback while it holds"},
		{r.Alias, "returns its receiver by another name"},
		{r.FreesReceiver, "takes over what its receiver owed"},
		{r.Blocks, "waits when the pool is exhausted"},
		{r.NothingOnErr, "holds nothing when it returns an error"},
		{r.Note != "", r.Note},
	} {
		if n.set {
			notes = append(notes, n.text)
		}
	}
	return notes
}
