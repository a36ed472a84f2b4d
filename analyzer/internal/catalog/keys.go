package catalog

import (
	"slices"
	"strings"
)

// Key is a setting as users are told of it: in the documentation, in the schema, in a file that is made for them. Nothing else
// says what a key means.
type Key struct {
	Name    string
	Text    string   // what it means, as the end of a sentence
	Default string   // what holds if it is not set, as it would be written if it can be; of a row's key: empty, and its zero value
	Words   []string // what may be written there; empty: all that is of its type
	Kinds   []Kind   // of a row's key: the kinds of row that have it; empty: all
	Example string   // a value, as JSON
}

// The kinds of rows that say something of connections, and those of them that say what holds.
var (
	holding = []Kind{Neutral, Construct, Acquire, Release, Consume}
	making  = []Kind{Construct, Acquire}
)

// RowKeys returns the keys of a [UserRow], in the order of its fields.
func RowKeys() []Key {
	return []Key{
		{Name: "func", Text: "the full name of the function or method", Example: `"(*example.com/app/db.Store).Rows"`},
		{Name: "kind", Words: kindWords, Text: "what a call does: `construct` makes a pool, `acquire` leaves something that holds a connection with " +
			"its caller, `release` frees its receiver, `consume` frees an argument, `neutral` leaves nothing behind; `start` runs an argument " +
			"in a goroutine, `join` waits for what was started; `slow` waits for something else than the database", Example: `"acquire"`},
		{Name: "resource", Kinds: holding, Words: resourceWords, Text: "what is made, left, freed or worked on", Example: `"rows"`},
		{Name: "type", Kinds: append([]Kind{Neutral}, making...), Text: "the full type of what holds; of a neutral row a type in the signature, " +
			"by which the method is known behind an interface", Example: `"*database/sql.Rows"`},
		{Name: "result", Kinds: making, Text: "which result holds, from 0; -1 for the receiver or `out-arg`", Example: `1`},
		{Name: "out-arg", Kinds: making, Text: "which argument comes back holding, from 1; `result` is -1 then", Example: `2`},
		{Name: "arg", Kinds: []Kind{Consume, Start}, Text: "which argument is freed, or is the function that is started, from 0; the receiver " +
			"does not count", Example: `1`},
		{Name: "handle", Kinds: holding, Text: "which argument is the pool, conn or tx, from 1; 0 is the receiver", Example: `2`},
		{Name: "holds", Kinds: holding, Words: holdsWords, Text: "what that costs: `slot` is one connection of the pool, `slot-if-pool` one if the " +
			"receiver is a pool, `parent` none but the conn or tx is busy, `server` one outside every pool", Example: `"slot"`},
		{Name: "freed", Kinds: []Kind{Construct, Acquire, Release}, Text: "the methods that free it, `Next=false` and `Scan=err` with the outcome " +
			"that does; an empty list if only a consume row frees it; of a release row its own outcome", Example: `["Close", "Next=false"]`},
		{Name: "ctx", Kinds: []Kind{Acquire}, Text: "ending the context of the call frees it", Example: `true`},
		{Name: "alias", Kinds: []Kind{Neutral}, Text: "the result is the receiver by another name", Example: `true`},
		{Name: "transient", Kinds: holding, Text: "it takes a connection and gives it back before it returns", Example: `true`},
		{Name: "blocks", Kinds: holding, Text: "it waits when the pool is exhausted", Example: `true`},
		{Name: "callback", Kinds: holding, Text: "a function it is given runs while it holds", Example: `true`},
		{Name: "nothing-on-error", Kinds: making, Text: "when the call returns an error nothing is held", Example: `true`},
		{Name: "frees-receiver", Kinds: []Kind{Acquire}, Text: "the result takes over what the receiver owed", Example: `true`},
		{Name: "each", Kinds: []Kind{Start}, Text: "one goroutine for each element of the first argument that is no context, or as many as that " +
			"says", Example: `true`},
		{Name: "bound", Kinds: []Kind{Start}, Text: "the method of the receiver that bounds how many run at once by its first argument",
			Example: `"SetLimit"`},
		{Name: "bound-by-maker", Kinds: []Kind{Start}, Text: "the first argument of the function that makes the receiver bounds them, as in " +
			"`NewPool(8)`", Example: `true`},
		{Name: "bounded", Kinds: []Kind{Start}, Text: "it bounds them itself, as a fixed number of workers does", Example: `true`},
		{Name: "note", Text: "for readers; of a slow row what it waits for, as the message is to say it", Example: `"mail"`},
	}
}

// For says which kinds of rows have the key.
func (k Key) For() string {
	var has, others []string
	for kind, word := range kindWords {
		if len(k.Kinds) == 0 || slices.Contains(k.Kinds, Kind(kind)) {
			has = append(has, word)
		} else {
			others = append(others, word)
		}
	}
	switch {
	case len(others) == 0:
		return "all"
	case len(others) < len(has):
		last := len(others) - 1
		return "all but " + strings.Join(others[:last], ", ") + " and " + others[last]
	}
	return strings.Join(has, ", ")
}

// Fits reports whether rows of a kind have the key.
func (k Key) Fits(kind string) bool {
	return len(k.Kinds) == 0 || slices.Contains(k.Kinds, Kind(slices.Index(kindWords, kind)))
}
