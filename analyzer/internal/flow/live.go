package flow

import "golang.org/x/tools/go/ssa"

// shape is what the machine needs to know of a function besides its instructions.
type shape struct {
	index map[ssa.Value]int // a number for each parameter, free variable and instruction that has a value
	live  [][]uint64        // per block: the values still needed after its phis
	cycle []bool            // per block: whether it can reach itself
	reach []map[int]bool    // per block: the blocks it can reach, itself included only if in a cycle
}

func (m *Machine) shape(fn *ssa.Function) *shape {
	if s := m.shapes[fn]; s != nil {
		return s
	}
	s := &shape{index: map[ssa.Value]int{}}
	for _, p := range fn.Params {
		s.index[p] = len(s.index)
	}
	for _, p := range fn.FreeVars {
		s.index[p] = len(s.index)
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if v, ok := in.(ssa.Value); ok {
				s.index[v] = len(s.index)
			}
		}
	}
	s.liveness(fn)
	s.reachability(fn)
	m.shapes[fn] = s
	return s
}

func (s *shape) liveness(fn *ssa.Function) {
	words := (len(s.index) + 63) / 64
	s.live = make([][]uint64, len(fn.Blocks))
	for i := range s.live {
		s.live[i] = make([]uint64, words)
	}
	set := func(bits []uint64, v ssa.Value) {
		if i, ok := s.index[v]; ok {
			bits[i/64] |= 1 << (i % 64)
		}
	}
	unset := func(bits []uint64, v ssa.Value) {
		if i, ok := s.index[v]; ok {
			bits[i/64] &^= 1 << (i % 64)
		}
	}
	var ops []*ssa.Value
	for changed := true; changed; {
		changed = false
		for i := len(fn.Blocks) - 1; i >= 0; i-- {
			b := fn.Blocks[i]
			cur := make([]uint64, words)
			for _, succ := range b.Succs {
				in := append([]uint64(nil), s.live[succ.Index]...)
				pred := predIndex(succ, b)
				for _, instr := range succ.Instrs {
					phi, ok := instr.(*ssa.Phi)
					if !ok {
						break
					}
					unset(in, phi)
					set(in, phi.Edges[pred])
				}
				for w := range cur {
					cur[w] |= in[w]
				}
			}
			for j := len(b.Instrs) - 1; j >= 0; j-- {
				in := b.Instrs[j]
				if _, ok := in.(*ssa.Phi); ok {
					continue // a phi is defined on entry and stays in the set if it is used
				}
				if v, ok := in.(ssa.Value); ok {
					unset(cur, v)
				}
				ops = in.Operands(ops[:0])
				for _, op := range ops {
					if *op != nil {
						set(cur, *op)
					}
				}
			}
			for w := range cur {
				if cur[w]&^s.live[i][w] != 0 {
					s.live[i][w] |= cur[w]
					changed = true
				}
			}
		}
	}
}

func (s *shape) isLive(b *ssa.BasicBlock, v ssa.Value) bool {
	i, ok := s.index[v]
	return ok && s.live[b.Index][i/64]&(1<<(i%64)) != 0
}

func (s *shape) reachability(fn *ssa.Function) {
	s.cycle = make([]bool, len(fn.Blocks))
	s.reach = make([]map[int]bool, len(fn.Blocks))
	for i, b := range fn.Blocks {
		seen := map[int]bool{}
		stack := append([]*ssa.BasicBlock(nil), b.Succs...)
		for len(stack) > 0 {
			c := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if !seen[c.Index] {
				seen[c.Index] = true
				stack = append(stack, c.Succs...)
			}
		}
		s.reach[i], s.cycle[i] = seen, seen[i]
	}
}

func predIndex(b, pred *ssa.BasicBlock) int {
	for i, p := range b.Preds {
		if p == pred {
			return i
		}
	}
	return -1
}

// InCycle reports whether the instruction can be executed more than once in one call of its function.
func (m *Machine) InCycle(in ssa.Instruction) bool {
	b := in.Block()
	return m.shape(b.Parent()).cycle[b.Index]
}

// again reports whether an instruction may have been executed before in this state: it is in a loop, or in a function that
// is executed in place and may be called many times.
func (m *Machine) again(v ssa.Value) bool {
	in, ok := v.(ssa.Instruction)
	return ok && (len(m.active) > 1 || m.InCycle(in))
}

// Reaches reports whether block b can be executed after block a.
func (m *Machine) Reaches(a, b *ssa.BasicBlock) bool {
	return m.shape(a.Parent()).reach[a.Index][b.Index]
}
