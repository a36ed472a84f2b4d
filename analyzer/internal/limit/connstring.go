package limit

import (
	"go/constant"
	"go/types"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
)

// reader is a call that is given a connection string.
type reader struct {
	call   ssa.CallInstruction
	parses bool // it reads the keys of pgxpool; else the server is given them, and refuses
}

// readDSN follows the connection string that a library's function is given.
func (p *Pools) readDSN(call ssa.CallInstruction, row *catalog.Row, dsn ssa.Value) {
	if row.ParsesPoolKeys() {
		g := p.at(p.Graph.OfCall(call, 0))
		g.parser, g.dsn = call, p.Graph.Text(dsn)
		p.connString(reader{call, true}, call, dsn)
		return
	}
	driver := ""
	if row.Driver > 0 && row.Driver <= len(call.Common().Args) {
		driver = p.Graph.Text(call.Common().Args[row.Driver-1])
	}
	if row.RefusesPoolKeys(driver) {
		p.connString(reader{call, false}, call, dsn)
	}
}

// connString looks at a connection string that comes in at a call. A parameter is followed to the callers, and told to other
// packages.
func (p *Pools) connString(r reader, at ssa.CallInstruction, dsn ssa.Value) {
	if param, ok := dsn.(*ssa.Parameter); ok {
		p.stringParam(r, param)
		return
	}
	text := p.Graph.Text(dsn)
	keys := poolKeys(text)
	if !r.parses {
		if len(keys) > 0 {
			p.out = append(p.out, Limit{Kind: RefusedKey, At: at, Name: keys[0].key, Other: r.call})
		}
		return
	}
	for _, kv := range keys {
		p.noteText(r, at, kv)
	}
}

// stringParam follows a connection string that a function is given.
func (p *Pools) stringParam(r reader, param *ssa.Parameter) {
	fn := param.Parent()
	i := slices.Index(fn.Params, param)
	if obj, ok := fn.Object().(*types.Func); ok && obj.Exported() {
		f := p.fact(obj)
		if d := (fact.ParamDSN{Param: i, Parses: r.parses}); !slices.Contains(f.DSNs, d) {
			f.DSNs = append(f.DSNs, d)
		}
	}
	for _, call := range p.Graph.Callers(fn) {
		if a := origin.Given(call)[i]; a != ssa.Value(param) {
			p.connString(r, call, a)
		}
	}
}

// noteText notes a limit that stands in a connection string. What the program sets on the configuration wins over it.
func (p *Pools) noteText(r reader, at ssa.CallInstruction, kv keyValue) {
	s := catalog.PoolKeys[kv.key]
	if s == catalog.NoSetting {
		return
	}
	g := p.at(p.Graph.OfCall(r.call, 0))
	set := setting{at: at, text: true}
	if n, err := strconv.ParseInt(kv.value, 10, 64); err == nil {
		set.leaves = []origin.Leaf{{Kind: origin.Constant, Value: constant.MakeInt64(n)}}
		if s == catalog.MaxOpen {
			p.texts = append(p.texts, textLimit{r.call, Limit{Kind: ConstantLimit, At: at, Setting: s, Value: n, Text: true}})
		}
	}
	g.settings[s] = append(g.settings[s], set)
}

// textLimit is a limit in a connection string, and the call that reads it.
type textLimit struct {
	reader ssa.CallInstruction
	limit  Limit
}

// overridden reports whether the program sets the limit where the string comes in, or where it is read.
func (p *Pools) overridden(t textLimit) bool {
	f := p.joined(p.Graph.OfCall(t.reader, 0))
	return slices.ContainsFunc(f.settings[catalog.MaxOpen], func(s setting) bool {
		return !s.text && (s.at.Parent() == t.reader.Parent() || s.at.Parent() == t.limit.At.Parent())
	})
}

// urlValue notes a limit that is added to the query of a URL: q.Set("pool_max_conns", "500").
func (p *Pools) urlValue(call ssa.CallInstruction, obj *types.Func) {
	args := call.Common().Args
	if obj == nil || obj.Pkg() == nil || obj.Pkg().Path() != "net/url" || len(args) != 3 {
		return
	}
	p.queryValue(call, args[1], args[2])
}

// urlLiteral is urlValue for url.Values{"pool_max_conns": {"500"}}.
func (p *Pools) urlLiteral(in *ssa.MapUpdate) {
	if in.Map.Type().String() != "net/url.Values" {
		return
	}
	for _, v := range origin.Elements(in.Value) {
		p.queryValue(in, in.Key, v)
	}
}

func (p *Pools) queryValue(at ssa.Instruction, key, value ssa.Value) {
	if catalog.PoolKeys[p.Graph.Text(key)] != catalog.MaxOpen {
		return
	}
	if n, err := strconv.ParseInt(p.Graph.Text(value), 10, 64); err == nil {
		p.out = append(p.out, Limit{Kind: ConstantLimit, At: at, Setting: catalog.MaxOpen, Value: n, Text: true})
	}
}

type keyValue struct{ key, value string }

// poolKey matches a key of pgxpool with its value, in a URL or in a list of words. A quoted value of another key may look
// like one.
var poolKey = regexp.MustCompile(`(?:^|[\s?&])(pool_[a-z_]+)\s*=\s*('[^']*'|[^\s&]*)`)

var quoted = regexp.MustCompile(`=\s*'(?:[^'\\]|\\.)*'`)

// poolKeys finds the keys of pgxpool in a connection string. A value that is not known is empty.
func poolKeys(dsn string) []keyValue {
	// What stands in quotes is a value, whatever it looks like.
	dsn = quoted.ReplaceAllStringFunc(dsn, func(q string) string {
		before, value, _ := strings.Cut(q, "'")
		return before + "'" + strings.ReplaceAll(value, " ", "_")
	})
	var out []keyValue
	for _, m := range poolKey.FindAllStringSubmatch(dsn, -1) {
		if _, known := catalog.PoolKeys[m[1]]; !known {
			continue // another key
		}
		value := strings.Trim(m[2], "'")
		if plain, err := url.QueryUnescape(value); err == nil {
			value = plain
		}
		if strings.Contains(value, origin.Hole) {
			value = ""
		}
		out = append(out, keyValue{m[1], value})
	}
	return out
}
