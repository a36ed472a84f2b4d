package catalog

import (
	"go/types"
	"maps"
	"slices"
	"strings"
)

// NamedClass is the class of one holder type.
type NamedClass struct {
	Name    string // full name of the type, as the library returns it: "*database/sql.Rows"
	Class   Class
	Methods []string // names of the methods that rows list for the type, promoted ones too, sorted
}

// Type returns the class of a holder type, or nil. A pointer to a type that the library returns by value has its class too.
func (c *Catalog) Type(t types.Type) *Class {
	name := typeName(t)
	if class := c.types[name]; class != nil {
		return class
	}
	p, ok := types.Unalias(t).(*types.Pointer)
	if !ok || types.IsInterface(p.Elem()) {
		return nil // no holder, and neither is a pointer to an interface
	}
	return c.types[strings.TrimPrefix(name, "*")]
}

// Classes returns the classes of all holder types, sorted by name. The caller must not change them.
func (c *Catalog) Classes() []NamedClass { return c.classes }

// listClasses makes what Classes returns. It is asked for with every interface that a function takes.
func (c *Catalog) listClasses() []NamedClass {
	all := make([]NamedClass, 0, len(c.types))
	for _, name := range slices.Sorted(maps.Keys(c.types)) {
		all = append(all, NamedClass{Name: name, Class: *c.types[name], Methods: slices.Sorted(maps.Keys(c.methods[name]))})
	}
	return all
}

// classify derives the class of each holder type: what its acquiring rows say frees it, then its releasing methods, then what
// the type it embeds gives it.
func (c *Catalog) classify(rows []*Row) {
	for _, r := range rows {
		// A row without events is freed by a consumer only; its type may have a class of its own from other rows
		// (AcquireConn of pgx v4 returns a *pgx.Conn that Close does not free).
		if (r.Kind == Acquire || r.Kind == Construct) && len(r.Freed) > 0 && r.Resource.Obliges() && r.Resource != Conns {
			for _, e := range r.Freed {
				c.addEvent(r.Type, r.Resource, e)
			}
		}
	}
	for _, r := range rows {
		if r.Recv != "" {
			c.addMethod(r.recvType(), r.Func)
		}
		if r.Kind != Release || !r.Resource.Obliges() {
			continue // frees nothing
		}
		e := Event{Method: r.Func}
		if len(r.Freed) > 0 {
			e = r.Freed[0]
		}
		c.addEvent(r.recvType(), r.Resource, e)
	}
	for _, l := range c.libraries {
		for _, outer := range slices.Sorted(maps.Keys(l.Embeds)) {
			c.embed(qualified(l.Path, outer), l.Embeds[outer])
		}
	}
}

// embed gives outer the methods of inner that it does not declare itself, and the events among them.
func (c *Catalog) embed(outer, inner string) {
	own := maps.Clone(c.methods[outer])
	if class := c.types[inner]; class != nil {
		for _, e := range class.Freed {
			if !own[e.Method] {
				c.addEvent(outer, class.Resource, e)
			}
		}
	}
	for m := range c.methods[inner] {
		c.addMethod(outer, m)
	}
}

// addEvent adds e to the class of the type. The first event decides on the resource; one of another is left out: a *gorm.DB is
// a transaction here, although a pool has the same type.
func (c *Catalog) addEvent(typ string, resource Resource, e Event) {
	class := c.types[typ]
	if class == nil {
		class = &Class{Resource: resource}
		c.types[typ] = class
	}
	if class.Resource == resource && !slices.Contains(class.Freed, e) {
		class.Freed = append(class.Freed, e)
	}
	c.addMethod(typ, e.Method)
}

func (c *Catalog) addMethod(typ, method string) {
	if c.methods[typ] == nil {
		c.methods[typ] = make(map[string]bool)
	}
	c.methods[typ][method] = true
}
