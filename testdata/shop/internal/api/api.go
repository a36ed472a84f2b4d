// Package api serves the shop over HTTP.
package api

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"example.com/poolvet/testdata/shop/internal/store"
)

// API has the handlers.
type API struct {
	store *store.Store
	log   *slog.Logger
}

// New returns the handlers as one.
func New(s *store.Store, log *slog.Logger) http.Handler {
	a := &API{store: s, log: log}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /products", a.search)
	mux.HandleFunc("GET /products/{id}", a.product)
	mux.HandleFunc("GET /catalog.csv", a.catalog)
	mux.HandleFunc("POST /orders", a.placeOrder)
	mux.HandleFunc("DELETE /orders/{id}", a.cancelOrder)
	return mux
}

func (a *API) search(w http.ResponseWriter, r *http.Request) {
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil {
		limit = 20
	}
	products, err := a.store.Search(r.Context(), r.URL.Query().Get("q"), limit)
	a.reply(w, r, products, err)
}

func (a *API) product(w http.ResponseWriter, r *http.Request) {
	id, ok := a.id(w, r)
	if !ok {
		return
	}
	product, err := a.store.Product(r.Context(), id)
	if err == nil {
		err = a.store.Viewed(r.Context(), id)
	}
	a.reply(w, r, product, err)
}

// catalog streams all products, however many there are.
func (a *API) catalog(w http.ResponseWriter, r *http.Request) {
	rows, err := a.store.Catalog(r.Context())
	if err != nil {
		a.reply(w, r, nil, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv")
	out := csv.NewWriter(w)
	for rows.Next() {
		var p store.Product
		if err := rows.Scan(&p.ID, &p.Name, &p.Price, &p.Stock); err != nil {
			a.log.ErrorContext(r.Context(), "catalog", "err", err)
			return
		}
		record := []string{strconv.FormatInt(p.ID, 10), p.Name, strconv.FormatInt(p.Price, 10), strconv.Itoa(p.Stock)}
		if err := out.Write(record); err != nil {
			return // the client has gone
		}
	}
	out.Flush()
	if err := rows.Err(); err != nil {
		a.log.ErrorContext(r.Context(), "catalog", "err", err)
	}
}

func (a *API) placeOrder(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Customer int64        `json:"customer"`
		Lines    []store.Line `json:"lines"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	id, err := a.store.PlaceOrder(r.Context(), in.Customer, in.Lines)
	a.reply(w, r, map[string]int64{"id": id}, err)
}

func (a *API) cancelOrder(w http.ResponseWriter, r *http.Request) {
	id, ok := a.id(w, r)
	if !ok {
		return
	}
	a.reply(w, r, struct{}{}, a.store.CancelOrder(r.Context(), id))
}

// id reads the number in the path, and answers when there is none.
func (a *API) id(w http.ResponseWriter, r *http.Request) (int64, bool) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		http.Error(w, "bad id", http.StatusBadRequest)
		return 0, false
	}
	return id, true
}

// reply writes v, or the status that fits the error.
func (a *API) reply(w http.ResponseWriter, r *http.Request, v any, err error) {
	switch {
	case errors.Is(err, store.ErrNotFound):
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	case errors.Is(err, store.ErrOutOfStock):
		http.Error(w, err.Error(), http.StatusConflict)
		return
	case err != nil:
		a.log.ErrorContext(r.Context(), r.Pattern, "err", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		a.log.WarnContext(r.Context(), r.Pattern, "err", err)
	}
}
