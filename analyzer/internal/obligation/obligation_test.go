package obligation

import "testing"

func TestNormalize(t *testing.T) {
	nilErr := Cond{Of: Result, Index: 0, Is: Nil}
	set := Cond{Of: Param, Index: 1, Is: True}
	in := []Outcome{
		{Status: Released, When: []Cond{set, nilErr}},
		{Status: Held, When: []Cond{nilErr.not()}},
		{Status: Released, When: []Cond{nilErr, set}},
	}
	out := Normalize(in)
	if len(out) != 2 {
		t.Fatalf("%v: the same outcome twice", out)
	}
	if got, want := out[1].String(), "released when r0 nil and p1 true"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func (c Cond) not() Cond { c.Is = c.Is.Not(); return c }

func TestNormalizeForgets(t *testing.T) {
	var in []Outcome
	for i := range maxOutcomes + 1 {
		in = append(in, Outcome{Status: Held, Releasers: []Place{{Index: 0}}, When: []Cond{{Of: Param, Index: i, Is: True}}})
	}
	if out := Normalize(in); len(out) != 1 || len(out[0].When) != 0 {
		t.Errorf("%v: more than %d outcomes must be one without conditions", out, maxOutcomes)
	}
}

func TestGuarded(t *testing.T) {
	released := Outcome{Status: Released}
	before := Outcome{Status: Held, Guarded: true}
	if out := Guarded([]Outcome{released, before}); !All(out, Released) {
		t.Errorf("%v: a Close that was called before is no way to keep the resource", out)
	}
	if out := Guarded([]Outcome{before}); !All(out, Held) {
		t.Errorf("%v: a flag alone releases nothing", out)
	}
	if out := Guarded([]Outcome{released, {Status: Held}}); !Any(out, Held) {
		t.Errorf("%v: it is kept on a path that no flag chooses", out)
	}
}

func TestAllOfNone(t *testing.T) {
	if All(nil, Released) {
		t.Error("no outcome is not a release")
	}
}
