package catalog

import (
	"strings"
)

// The words of a row, as users write them and as String prints them, in the order of the constants.
var (
	kindWords  = []string{Neutral: "neutral", Construct: "construct", Acquire: "acquire", Release: "release", Consume: "consume", Start: "start", Join: "join", Slow: "slow"}
	holdsWords = []string{Nothing: "nothing", Slot: "slot", SlotIfPool: "slot-if-pool", Server: "server", Parent: "parent"}
	whenWords  = []string{Always: "", OnFalse: "=false", OnError: "=err"}
)

// String returns the word for k: "acquire".
func (k Kind) String() string { return kindWords[k] }

// String returns the word for h: "slot-if-pool".
func (h Holds) String() string { return holdsWords[h] }

// String returns e as users write it: "Close", "Next=false", "Scan=err".
func (e Event) String() string { return e.Method + whenWords[e.When] }

// Name returns the full name of the row's function as [go/types.Func.FullName] spells it, type arguments left out:
// "(*database/sql.DB).Query", "(github.com/jackc/pgx/v5.Rows).Close", "database/sql.Open".
func (r *Row) Name() string {
	if r.Recv == "" {
		return r.Path + "." + r.Func
	}
	return "(" + r.recvType() + ")." + r.Func
}

// recvType returns the full type of the receiver, "*database/sql.DB"; empty for a package function.
func (r *Row) recvType() string { return qualified(r.Path, r.Recv) }

// qualified returns the full form of a type as a row writes it: ("database/sql", "*DB") -> "*database/sql.DB".
func qualified(path, name string) string {
	if name == "" {
		return ""
	}
	bare := strings.TrimLeft(name, "*[]")
	return name[:len(name)-len(bare)] + path + "." + bare
}

// String returns the row as a readable effect:
// "(*database/sql.DB).Query: acquire rows slot, freed by Close Next=false, blocks, nothing on error".
func (r *Row) String() string {
	var b strings.Builder
	b.WriteString(r.Name() + ": " + r.Kind.String())
	if r.Resource != "" {
		b.WriteString(" " + string(r.Resource))
	}
	if r.Holds != Nothing {
		b.WriteString(" " + r.Holds.String())
	}
	freed := make([]string, 0, len(r.Freed)+1)
	for _, e := range r.Freed {
		freed = append(freed, e.String())
	}
	if r.CtxFrees {
		freed = append(freed, "ctx")
	}
	if len(freed) > 0 {
		b.WriteString(", freed by " + strings.Join(freed, " "))
	}
	for _, f := range []struct {
		set  bool
		word string
	}{
		{r.Alias, "alias"},
		{r.Transient, "transient"},
		{r.Blocks, "blocks"},
		{r.Callback, "runs a callback"},
		{r.NothingOnErr, "nothing on error"},
		{r.FreesReceiver, "frees the receiver"},
		{r.Each, "one for each element"},
		{r.Bound != "", "bounded by " + r.Bound},
		{r.BoundByMaker, "bounded by its maker"},
		{r.Bounded, "bounded"},
	} {
		if f.set {
			b.WriteString(", " + f.word)
		}
	}
	return b.String()
}
