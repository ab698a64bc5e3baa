// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static io.netty.handler.codec.http.HttpHeaderNames.DATE;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.Version;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Netty, with one event loop for all, by NIO or by its own epoll. Answers leave when all that was
 * read has been handled; only bodies that are echoed are collected.
 */
final class NettyServer extends ChannelInitializer<SocketChannel> {
  private static final ByteBuf HELLO = direct(Workload.HELLO_BODY);
  private static final ByteBuf DOWNLOAD = direct(Workload.body(Workload.DOWNLOAD_SIZE));

  private final Workload workload;

  private NettyServer(Workload workload) {
    this.workload = workload;
  }

  static void main(String[] args) throws InterruptedException {
    Ready.keepQuiet();
    boolean epoll = args[0].equals(Contestant.NETTY_EPOLL.name());
    var group =
        new MultiThreadIoEventLoopGroup(
            1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    var listening =
        new ServerBootstrap()
            .group(group)
            .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childHandler(new NettyServer(Workload.valueOf(args[1])))
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sync()
            .channel();
    var version = Version.identify().get("netty-codec-http");
    Ready.announce(
        ((InetSocketAddress) listening.localAddress()).getPort(),
        "Netty " + (version == null ? "?" : version.artifactVersion()));
  }

  @Override
  protected void initChannel(SocketChannel channel) {
    var pipeline = channel.pipeline();
    pipeline.addLast(new HttpServerCodec());
    switch (workload) {
      case HELLO, PIPELINED, DOWNLOAD, SLEEP, ASYNC, JSP -> pipeline.addLast(new Answers());
      case POST -> pipeline.addLast(new HttpObjectAggregator(1024 * 1024), new Echo());
      case WEBSOCKET ->
          pipeline.addLast(
              new HttpObjectAggregator(65536),
              new WebSocketServerProtocolHandler("/ws"),
              new SocketEcho());
    }
  }

  private static ByteBuf direct(byte[] bytes) {
    return Unpooled.unreleasableBuffer(Unpooled.directBuffer(bytes.length).writeBytes(bytes));
  }

  private static void answer(ChannelHandlerContext context, ByteBuf content) {
    var response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, content);
    response.headers().set(DATE, CurrentDate.get()).set(CONTENT_TYPE, "text/plain");
    HttpUtil.setContentLength(response, content.readableBytes());
    var _ = context.write(response, context.voidPromise());
  }

  /** Answers whose requests have no body. */
  private static final class Answers extends SimpleChannelInboundHandler<Object> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, Object message) {
      if (message instanceof HttpRequest request) {
        switch (request.uri()) {
          case "/hello" -> answer(context, HELLO.duplicate());
          case "/download" -> answer(context, DOWNLOAD.duplicate());
          default -> throw new IllegalArgumentException(request.uri());
        }
      } else if (!(message instanceof LastHttpContent)) {
        throw new IllegalArgumentException(message.toString());
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }
  }

  private static final class Echo extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      answer(context, request.content().retain());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }
  }

  private static final class SocketEcho extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
      var _ = context.write(new TextWebSocketFrame(frame.text()), context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }
  }
}
