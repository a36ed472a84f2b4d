package web

import (
	"net/http"
	"os"

	"example.com/poolvet/testdata/straypool/examined/tenancy"
)

// badIfaceHandler chooses the source itself.
func badIfaceHandler(mux *http.ServeMux, base string) {
	var src tenancy.Source = &tenancy.Fresh{Base: base}
	mux.HandleFunc("/t", func(w http.ResponseWriter, r *http.Request) {
		p, err := src.Pool(r.Context(), r.Header.Get("X-Tenant")) // want `src\.Pool builds a pool on each request`
		if err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		defer p.Close()
		_ = p.Ping(r.Context())
	})
}

type tenantAPI struct{ src tenancy.Source }

func (t *tenantAPI) badTenant(w http.ResponseWriter, r *http.Request) {
	p, err := t.src.Pool(r.Context(), r.PathValue("tenant")) // want `src\.Pool builds a pool on each request`
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	defer p.Close()
	_ = p.Ping(r.Context())
}

func routeTenants(mux *http.ServeMux) {
	a := &tenantAPI{src: &tenancy.Fresh{Base: os.Getenv("BASE")}}
	mux.HandleFunc("/t/{tenant}", a.badTenant)
}
