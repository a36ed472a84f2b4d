package hold

import (
	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/handle"
	"github.com/poolvet/poolvet/analyzer/internal/take"
)

// pair is a connection of one pool that is wanted while one of another is held.
type pair struct {
	held, wanted string
	wait         *Wait
}

// notePair remembers that two pools are taken in this order. Pools that have no name of their own are not told apart.
func (h *Finder) notePair(held holding, at ssa.Instruction, k take.Taking) {
	a, b := held.pool.Path, h.RefOf(k).Path
	if a == "" || b == "" || a == b || a == handle.Elements || b == handle.Elements {
		return
	}
	h.pairs = append(h.pairs, pair{a, b, &Wait{At: at, Kind: BothOrders, Take: k.Take, Holder: held.Holder}})
}

// inBothOrders finds the pools that are taken in both orders: two goroutines can then wait for each other.
func (h *Finder) inBothOrders() {
	orders := map[[2]string]bool{}
	for _, p := range h.pairs {
		orders[[2]string{p.held, p.wanted}] = true
	}
	for _, p := range h.pairs {
		if orders[[2]string{p.wanted, p.held}] {
			h.waits = append(h.waits, p.wait)
		}
	}
}
