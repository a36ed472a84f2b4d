// Package orderspb stands for what protoc-gen-go-grpc writes.
package orderspb

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// OrdersServer is the server API of Orders.
type OrdersServer interface {
	GetOrder(context.Context, *wrapperspb.Int64Value) (*wrapperspb.StringValue, error)
	DeleteOrder(context.Context, *wrapperspb.Int64Value) (*emptypb.Empty, error)
	WatchOrders(*emptypb.Empty, grpc.ServerStreamingServer[wrapperspb.StringValue]) error
	ImportOrders(Orders_ImportOrdersServer) error
	mustEmbedUnimplementedOrdersServer()
}

// Orders_ImportOrdersServer is the stream of ImportOrders in the older form of the generated code.
type Orders_ImportOrdersServer interface {
	SendAndClose(*emptypb.Empty) error
	Recv() (*wrapperspb.StringValue, error)
	grpc.ServerStream
}

type ordersImportOrdersServer struct{ grpc.ServerStream }

func (x *ordersImportOrdersServer) SendAndClose(m *emptypb.Empty) error { return x.SendMsg(m) }

func (x *ordersImportOrdersServer) Recv() (*wrapperspb.StringValue, error) {
	m := new(wrapperspb.StringValue)
	if err := x.RecvMsg(m); err != nil {
		return nil, err
	}
	return m, nil
}

// UnimplementedOrdersServer must be embedded.
type UnimplementedOrdersServer struct{}

func (UnimplementedOrdersServer) GetOrder(context.Context, *wrapperspb.Int64Value) (*wrapperspb.StringValue, error) {
	return nil, status.Error(codes.Unimplemented, "method GetOrder not implemented")
}

func (UnimplementedOrdersServer) DeleteOrder(context.Context, *wrapperspb.Int64Value) (*emptypb.Empty, error) {
	return nil, status.Error(codes.Unimplemented, "method DeleteOrder not implemented")
}

func (UnimplementedOrdersServer) WatchOrders(*emptypb.Empty, grpc.ServerStreamingServer[wrapperspb.StringValue]) error {
	return status.Error(codes.Unimplemented, "method WatchOrders not implemented")
}

func (UnimplementedOrdersServer) ImportOrders(Orders_ImportOrdersServer) error {
	return status.Error(codes.Unimplemented, "method ImportOrders not implemented")
}

func (UnimplementedOrdersServer) mustEmbedUnimplementedOrdersServer() {}

// RegisterOrdersServer registers srv.
func RegisterOrdersServer(s grpc.ServiceRegistrar, srv OrdersServer) {
	s.RegisterService(&Orders_ServiceDesc, srv)
}

func ordersGetOrderHandler(srv any, ctx context.Context, dec func(any) error, interceptor grpc.UnaryServerInterceptor) (any, error) {
	in := new(wrapperspb.Int64Value)
	if err := dec(in); err != nil {
		return nil, err
	}
	if interceptor == nil {
		return srv.(OrdersServer).GetOrder(ctx, in)
	}
	info := &grpc.UnaryServerInfo{Server: srv, FullMethod: "/shop.Orders/GetOrder"}
	return interceptor(ctx, in, info, func(ctx context.Context, req any) (any, error) {
		return srv.(OrdersServer).GetOrder(ctx, req.(*wrapperspb.Int64Value))
	})
}

func ordersDeleteOrderHandler(srv any, ctx context.Context, dec func(any) error, interceptor grpc.UnaryServerInterceptor) (any, error) {
	in := new(wrapperspb.Int64Value)
	if err := dec(in); err != nil {
		return nil, err
	}
	if interceptor == nil {
		return srv.(OrdersServer).DeleteOrder(ctx, in)
	}
	info := &grpc.UnaryServerInfo{Server: srv, FullMethod: "/shop.Orders/DeleteOrder"}
	return interceptor(ctx, in, info, func(ctx context.Context, req any) (any, error) {
		return srv.(OrdersServer).DeleteOrder(ctx, req.(*wrapperspb.Int64Value))
	})
}

func ordersWatchOrdersHandler(srv any, stream grpc.ServerStream) error {
	m := new(emptypb.Empty)
	if err := stream.RecvMsg(m); err != nil {
		return err
	}
	return srv.(OrdersServer).WatchOrders(m, &grpc.GenericServerStream[emptypb.Empty, wrapperspb.StringValue]{ServerStream: stream})
}

func ordersImportOrdersHandler(srv any, stream grpc.ServerStream) error {
	return srv.(OrdersServer).ImportOrders(&ordersImportOrdersServer{stream})
}

// Orders_ServiceDesc describes the service.
var Orders_ServiceDesc = grpc.ServiceDesc{
	ServiceName: "shop.Orders",
	HandlerType: (*OrdersServer)(nil),
	Methods: []grpc.MethodDesc{
		{MethodName: "GetOrder", Handler: ordersGetOrderHandler},
		{MethodName: "DeleteOrder", Handler: ordersDeleteOrderHandler},
	},
	Streams: []grpc.StreamDesc{
		{StreamName: "WatchOrders", Handler: ordersWatchOrdersHandler, ServerStreams: true},
		{StreamName: "ImportOrders", Handler: ordersImportOrdersHandler, ClientStreams: true},
	},
	Metadata: "shop/orders.proto",
}
