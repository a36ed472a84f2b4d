package spawn

import (
	"go/ast"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// joinedIn reports whether each round waits for what it has started, or each chunk of rounds does.
func (s *Spawner) joinedIn(call ssa.CallInstruction, started []ssa.Value, loops []repeat.Loop, sp *Spawn) bool {
	if _, body := call.Parent().Syntax().(*ast.RangeStmt); body {
		all := repeat.Loop{Blocks: map[*ssa.BasicBlock]bool{}} // of a range over a function: all of it is the round
		for _, b := range call.Parent().Blocks {
			all.Blocks[b] = true
		}
		loops = append(slices.Clip(loops), all)
	}
	for depth, l := range loops {
		for b := range l.Blocks {
			if depth > 0 && loops[depth-1].Blocks[b] {
				continue // of the inner loop
			}
			for _, in := range b.Instrs {
				if s.Joins(in, call, started) && (depth == 0 || s.chunked(loops[depth-1], sp)) {
					return true
				}
			}
		}
	}
	return false
}

// Joins reports whether an instruction waits for what a call has started: by the group, or by a channel that the goroutine
// closes or sends to.
func (s *Spawner) Joins(in ssa.Instruction, call ssa.CallInstruction, started []ssa.Value) bool {
	switch in := in.(type) {
	case *ssa.UnOp:
		return in.Op == token.ARROW && s.signals(started, in.X)
	case *ssa.Select: // or until the context ends
		return in.Blocking && slices.ContainsFunc(in.States, func(st *ssa.SelectState) bool {
			return st.Send == nil && s.signals(started, st.Chan)
		})
	case *ssa.Call:
		obj, _ := program.Callee(in)
		if !s.Cat.Joins(obj) {
			return false
		}
		if st, _ := s.Callee(call); s.Cat.StarterOf(st) != nil && s.waitsFor(in, call) {
			return true
		}
		return len(origin.Given(in)) > 0 && s.counts(started, origin.Given(in)[0])
	}
	return false
}

// waitsFor reports whether a call that joins is on the group of one that starts, or on what that returned. Functions of one
// package need none: the package has the group.
func (s *Spawner) waitsFor(join, start ssa.CallInstruction) bool {
	of, by := origin.Given(join), origin.Given(start)
	if len(of) > 0 && (len(by) > 0 && s.Graph.Meet(of[0], by[0]) || slices.Contains(s.Graph.Backward(s.Graph.Of(of[0])), s.Graph.OfCall(start, 0))) {
		return true
	}
	joins, _ := program.Callee(join)
	starts, _ := s.Callee(start)
	return joins.Signature().Recv() == nil && starts.Signature().Recv() == nil && joins.Pkg() == starts.Pkg()
}

// signals reports whether a started function closes a channel or sends to it.
func (s *Spawner) signals(started []ssa.Value, ch ssa.Value) bool {
	return s.InStarted(started, func(in ssa.Instruction) bool {
		switch in := in.(type) {
		case *ssa.Send:
			return s.Graph.Meet(in.Chan, ch)
		case ssa.CallInstruction:
			b, ok := in.Common().Value.(*ssa.Builtin)
			return ok && b.Name() == "close" && s.Graph.Meet(in.Common().Args[0], ch)
		}
		return false
	})
}

// counts reports whether a started function tells a WaitGroup that it is done, or is given it.
func (s *Spawner) counts(started []ssa.Value, wg ssa.Value) bool {
	return s.InStarted(started, func(in ssa.Instruction) bool {
		call, ok := in.(ssa.CallInstruction)
		if !ok {
			return false
		}
		obj, _ := program.Callee(call)
		return obj != nil && obj.Name() == "Done" && len(origin.Given(call)) > 0 && s.Graph.Meet(origin.Given(call)[0], wg)
	})
}

// InStarted reports whether a started function, or a literal of it, has an instruction of a kind.
func (s *Spawner) InStarted(started []ssa.Value, is func(ssa.Instruction) bool) bool {
	for _, v := range started {
		fn := s.Function(v)
		if fn == nil {
			continue // not known
		}
		if slices.ContainsFunc(program.Family(fn), func(f *ssa.Function) bool { return program.HasInstr(f, is) }) {
			return true
		}
	}
	return false
}

// chunked reports whether a loop goes over a part of a collection that was cut off for it.
func (s *Spawner) chunked(l repeat.Loop, sp *Spawn) bool {
	for _, in := range l.Header.Instrs {
		cmp, ok := in.(*ssa.BinOp)
		if !ok || cmp.Op == token.ADD {
			continue
		}
		if n, ok := cmp.Y.(*ssa.Call); ok && isBuiltinLen(n) {
			_, cut := n.Call.Args[0].(*ssa.Slice)
			_, phi := n.Call.Args[0].(*ssa.Phi)
			_, given := n.Call.Args[0].(*ssa.Parameter)
			_, made := n.Call.Args[0].(*ssa.Call)
			return cut || phi || given || made || s.Bounds.OfChunk(n.Call.Args[0], &sp.Verdict)
		}
		return true // a count
	}
	return false
}

// oneAtATime reports whether a consumer of messages takes one at a time: Qos(1).
func (s *Spawner) oneAtATime(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			call, ok := in.(*ssa.Call)
			if !ok {
				continue
			}
			obj, _ := program.Callee(call)
			if obj == nil || obj.Name() != "Qos" || len(call.Call.Args) < 2 {
				continue
			}
			if c, ok := call.Call.Args[1].(*ssa.Const); ok && c.Int64() == 1 {
				return true
			}
		}
	}
	return false
}

func isBuiltinLen(c *ssa.Call) bool {
	b, ok := c.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "len"
}
