/* One stream through FFmpeg's libraries: open, packets, pictures, scaling. The whole of the module but its clips.
 *
 * What comes in is not trusted. Only the demuxers and decoders that cameras and evidence need may be used: a "video" that
 * is a playlist could otherwise name files of this machine or hosts of its network. Protocols are listed for the same
 * reason. Pictures, packets and probing are bounded; every wait asks whether it was called off.
 * One thread decodes: cameras are many, and their threads are the parallelism.
 *
 * Losses: where a datagram or a whole picture is missing, libav mends what it decodes and tells so in its log alone; no flag
 * of the picture says it. Those lines are listened for, by their formats, while this thread is inside a call. A version of
 * libav that words them otherwise is found by the tests that lose packets.
 */
#include "link/camera_ffmpeg.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libswscale/swscale.h>

#define FORMATS "mov,mp4,matroska,webm,avi,mpeg,mpegts,flv,h264,hevc,m4v,mjpeg,mpjpeg,ogg,asf"
#define DECODERS "h264,hevc,mjpeg,mpeg4,msmpeg4,msmpeg4v2,mpeg2video,vp8,libvpx-vp8,vp9,libvpx-vp9,libdav1d,av1"
enum { PROBE_BYTES = 1 << 20, PROBE_US = 3000000, STREAMS_MAX = 16, IN_BUFFER = 1 << 20, REORDER_US = 300000 };

struct camera {
    camera_ask         ask;
    AVFormatContext   *format;
    AVCodecContext    *decoder;
    AVPacket          *packet;
    AVFrame           *frame;
    struct SwsContext *sws;
    int                stream;
    int64_t            deadline_ms;
    bool               late;        /* the deadline has passed: libav may still hand out what it held, but it is over */
    int                doubtful;    /* so many of the next pictures are damaged */
    bool               alone;       /* the decoder was drained for one key frame: flush it before the next */
};

gf_status camera_fail(gf_error *err, gf_status status, const char *code, const char *hint, const char *what, int av_code)
{
    char words[AV_ERROR_MAX_STRING_SIZE] = "";
    if (av_code == AVERROR(ENOMEM))
        return gf_fail_memory(err);
    if (av_code == AVERROR_EXIT)   /* said by our own interruption */
        return gf_fail(err, status, code, hint, "%s: no answer in time", what);
    (void)av_strerror(av_code, words, sizeof words);
    return gf_fail(err, status, code, hint, "%s: %s", what, words);
}

/* ---- Listening ---- */

typedef struct loss_word { const char *format; int pictures; } loss_word;
/* A lost datagram is told up to one picture before the one that lacks it. */
static const loss_word LOSS_WORDS[] = {
    { "RTP: missed", 2 },
    { "Frame num gap", 1 },
    { "concealing", 1 },
    { "error while decoding MB", 1 },
    { "Missing reference picture", 1 },
    { "reference picture missing", 1 },
    { "decode_slice_header error", 1 },
    { "Could not find ref with POC", 1 },
    { "Concealing bitstream errors", 1 },
    { "Missing reference frame", 1 },
};
/* Whose call this thread is in: libav tells its log only which of its own objects speaks. */
static _Thread_local camera *listener;

static void listen(void *context, int level, const char *format, va_list args)
{
    (void)context, (void)level, (void)args;   /* nothing is repeated: failures come as sentences, addresses hold passwords */
    for (size_t i = 0; listener && i < GF_COUNT(LOSS_WORDS); i++)
        if (strncmp(format, LOSS_WORDS[i].format, strlen(LOSS_WORDS[i].format)) == 0 && listener->doubtful < LOSS_WORDS[i].pictures)
            listener->doubtful = LOSS_WORDS[i].pictures;
}

__attribute__((constructor)) static void loaded(void) { av_log_set_callback(listen); }

static int64_t now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int interrupted(void *context)
{
    camera *c = context;
    c->late = c->late || now_ms() > c->deadline_ms;
    return c->late || (c->ask.stopped && c->ask.stopped(c->ask.context));
}

static void done(camera *c)
{
    if (!c)
        return;
    sws_freeContext(c->sws);
    av_frame_free(&c->frame);
    av_packet_free(&c->packet);
    avcodec_free_context(&c->decoder);
    c->late = false;
    c->deadline_ms = now_ms() + 1000;   /* a camera that does not answer its farewell is left without one */
    avformat_close_input(&c->format);
    free(c);
}

/* ---- Opening ---- */

typedef struct option { const char *name, *value; } option;

static gf_status set_options(const camera_ask *ask, AVDictionary **out, gf_error *err)
{
    char wait_us[24];
    (void)snprintf(wait_us, sizeof wait_us, "%lld", (long long)ask->read_ms * 1000);
    const option of_files[] = { { "protocol_whitelist", "file" }, { "format_whitelist", FORMATS }, { "codec_whitelist", DECODERS } };
    const option of_http[] = { { "protocol_whitelist", "http,https,tcp,tls" }, { "format_whitelist", FORMATS }, { "codec_whitelist", DECODERS }, { "rw_timeout", wait_us } };
    const option of_rtsp[] = { { "protocol_whitelist", "rtsp,rtsps,rtp,udp,tcp,tls,crypto,srtp" }, { "rtsp_transport", ask->udp ? "udp" : "tcp" },
                               { "timeout", wait_us }, { "allowed_media_types", "video" }, { "codec_whitelist", DECODERS } };
    const option *list = !ask->live ? of_files : ask->rtsp ? of_rtsp : of_http;
    size_t count = !ask->live ? GF_COUNT(of_files) : ask->rtsp ? GF_COUNT(of_rtsp) : GF_COUNT(of_http);
    int failed = 0;
    for (size_t i = 0; i < count && failed >= 0; i++)
        failed = av_dict_set(out, list[i].name, list[i].value, 0);
    return failed < 0 ? gf_fail_memory(err) : GF_OK;
}

static gf_status open_input(camera *c, gf_error *err)
{
    const char *hint = c->ask.live ? "Check the address, the name and password in it, and whether the camera answers." : "Check the path; videos are read from MP4, MKV, AVI, TS, FLV and raw streams.";
    AVDictionary *options = NULL;
    if (!(c->format = avformat_alloc_context()))
        return gf_fail_memory(err);
    c->format->interrupt_callback = (AVIOInterruptCB){ interrupted, c };
    c->format->probesize = PROBE_BYTES;
    c->format->max_analyze_duration = PROBE_US;
    c->format->max_streams = STREAMS_MAX;
    c->format->max_delay = REORDER_US;
    c->format->flags |= AVFMT_FLAG_DISCARD_CORRUPT;
    c->deadline_ms = now_ms() + c->ask.open_ms;
    gf_status status = set_options(&c->ask, &options, err);
    if (status)
        return av_dict_free(&options), status;
    int got = avformat_open_input(&c->format, c->ask.address, c->ask.rtsp ? av_find_input_format("rtsp") : NULL, &options);   /* frees format when it fails */
    av_dict_free(&options);
    if (got == AVERROR_HTTP_UNAUTHORIZED || got == AVERROR_HTTP_FORBIDDEN)
        return gf_fail(err, GF_EDENIED, "link.login", "Correct the name and password in the address; cameras lock out who tries too often.", "the camera refuses name and password");
    if (got < 0)
        return camera_fail(err, got == AVERROR(ENOENT) || got == AVERROR_HTTP_NOT_FOUND ? GF_ENOTFOUND : got == AVERROR_INVALIDDATA ? GF_EINPUT : GF_EIO, "link.open", hint, "cannot open the source", got);
    /* What RTSP describes suffices, and waiting for more would let a camera whose stamps stand still hold us for ever. */
    if (c->ask.rtsp)
        return GF_OK;
    if ((got = avformat_find_stream_info(c->format, NULL)) < 0)
        return camera_fail(err, c->ask.live ? GF_EIO : GF_EINPUT, "link.open", hint, "cannot find out what the source holds", got);
    return GF_OK;
}

/* Only the video stream is read; of a file, its other samples are passed over where the container lets us. */
static gf_status choose_stream(camera *c, gf_error *err)
{
    c->stream = av_find_best_stream(c->format, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
    if (c->stream < 0)
        return gf_fail(err, GF_EINPUT, "link.video", "Give a video; pictures are given as a folder.", "the source has no video in it");
    for (unsigned i = 0; i < c->format->nb_streams; i++)
        c->format->streams[i]->discard = (int)i != c->stream ? AVDISCARD_ALL : c->ask.all_packets ? AVDISCARD_DEFAULT : AVDISCARD_NONKEY;
    return GF_OK;
}

static bool is_listed(const char *name)
{
    gf_str rest = GF_STR(DECODERS), one;
    while (gf_str_cut(&rest, ',', &one))
        if (gf_str_is(one, name))
            return true;
    return false;
}

static gf_status open_decoder(camera *c, gf_error *err)
{
    const AVCodecParameters *par = c->format->streams[c->stream]->codecpar;
    const AVCodec *codec = avcodec_find_decoder(par->codec_id);
    if (!codec || !is_listed(codec->name))
        return gf_fail(err, GF_EINPUT, "link.coding", "Set the camera to H.264 or H.265.", "video coded as \"%s\" is not read here", avcodec_get_name(par->codec_id));
    if ((int64_t)par->width * par->height > c->ask.pixels_max)
        return gf_fail(err, GF_ELIMIT, "link.size", "Choose a smaller stream of the camera, or raise the bound.", "pictures of %d x %d are larger than allowed", par->width, par->height);
    if (!(c->decoder = avcodec_alloc_context3(codec)) || avcodec_parameters_to_context(c->decoder, par) < 0)
        return gf_fail_memory(err);
    c->decoder->thread_count = 1;
    c->decoder->max_pixels = c->ask.pixels_max;
    c->decoder->pkt_timebase = c->format->streams[c->stream]->time_base;
    int got = avcodec_open2(c->decoder, codec, NULL);
    return got < 0 ? camera_fail(err, GF_EINPUT, "link.coding", "", "the decoder refuses the stream", got) : GF_OK;
}

static gf_status begin(const camera_ask *ask, camera **out, gf_error *err)
{
    camera *c = calloc(1, sizeof *c);
    if (!c)
        return gf_fail_memory(err);
    c->ask = *ask;
    gf_status status = (c->packet = av_packet_alloc()) && (c->frame = av_frame_alloc()) ? GF_OK : gf_fail_memory(err);
    if (!status)
        status = open_input(c, err);
    if (!status)
        status = choose_stream(c, err);
    if (!status)
        status = open_decoder(c, err);
    if (status)
        return done(c), status;
    c->ask.address = NULL;   /* borrowed for the opening alone */
    *out = c;
    return GF_OK;
}

static void head(const camera *c, camera_head *out)
{
    const AVStream *stream = c->format->streams[c->stream];
    const AVCodecParameters *par = stream->codecpar;
    const AVRational fps = stream->avg_frame_rate.num ? stream->avg_frame_rate : stream->r_frame_rate;
    *out = (camera_head){ .codec = (int32_t)par->codec_id, .width = par->width, .height = par->height, .fps = fps.den ? av_q2d(fps) : 0 };
    if (par->extradata_size > 0 && par->extradata_size <= CAMERA_EXTRA_MAX) {
        out->extra_bytes = (uint32_t)par->extradata_size;
        memcpy(out->extra, par->extradata, out->extra_bytes);
    }
    (void)snprintf(out->name, sizeof out->name, "%s", avcodec_get_name(par->codec_id));
}

/* ---- Packets ---- */

static int64_t micros(const camera *c, int64_t stamp)
{
    const AVStream *stream = c->format->streams[c->stream];
    return stamp == AV_NOPTS_VALUE ? CAMERA_NO_STAMP : av_rescale_q(stamp, stream->time_base, (AVRational){ 1, 1000000 });
}

static gf_status next_packet(camera *c, camera_packet *out, gf_error *err)
{
    c->deadline_ms = now_ms() + c->ask.read_ms;
    for (;;) {   /* ended by the deadline: a peer may send other things for ever */
        av_packet_unref(c->packet);
        listener = c;
        int got = interrupted(c) ? AVERROR_EXIT : av_read_frame(c->format, c->packet);
        listener = NULL;
        if (got == AVERROR_EOF && !c->ask.live)
            return GF_ENO;
        if (got < 0)
            return camera_fail(err, GF_EIO, "link.read", c->ask.live ? "The source is tried again." : "The file may be cut off.", "the stream broke off", got);
        if (c->packet->stream_index == c->stream && c->packet->size > 0 && c->packet->size <= CAMERA_PACKET_MAX)
            break;
    }
    *out = (camera_packet){ c->packet->data, (size_t)c->packet->size, micros(c, c->packet->pts), micros(c, c->packet->dts), c->packet->flags & AV_PKT_FLAG_KEY };
    return GF_OK;
}

/* ---- Pictures ---- */

static gf_status decode(camera *c, camera_effort effort, gf_error *err)
{
    if (c->alone)
        avcodec_flush_buffers(c->decoder);
    c->alone = effort == CAMERA_ALONE || effort == CAMERA_DRAIN;
    c->decoder->skip_frame = effort == CAMERA_REFERENCES ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
    listener = c;
    int got = effort == CAMERA_DRAIN ? 0 : avcodec_send_packet(c->decoder, c->packet);
    if (got >= 0 && c->alone)
        got = avcodec_send_packet(c->decoder, NULL);
    listener = NULL;
    if (got == AVERROR(ENOMEM))
        return gf_fail_memory(err);
    return got < 0 ? camera_fail(err, GF_ENO, "link.decode", "", "a packet does not decode", got) : GF_OK;
}

static bool picture(camera *c, camera_picture *out)
{
    listener = c;
    int got = avcodec_receive_frame(c->decoder, c->frame);
    listener = NULL;
    if (got < 0)
        return false;
    const AVFrame *f = c->frame;
    const bool doubtful = c->doubtful > 0;
    c->doubtful -= doubtful;
    *out = (camera_picture){ f->width, f->height, micros(c, f->best_effort_timestamp), f->key_frame,
                             doubtful || f->decode_error_flags || (f->flags & AV_FRAME_FLAG_CORRUPT), f->color_range == AVCOL_RANGE_JPEG };
    return true;
}

/* The "J" formats differ by their range alone, which travels in camera_picture: planes are copied as they are. */
static enum AVPixelFormat plain_format(int format)
{
    switch (format) {
    case AV_PIX_FMT_YUVJ420P: return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVJ422P: return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ444P: return AV_PIX_FMT_YUV444P;
    case AV_PIX_FMT_YUVJ440P: return AV_PIX_FMT_YUV440P;
    default: return (enum AVPixelFormat)format;
    }
}

static gf_status scale(camera *c, const camera_planes *out, gf_error *err)
{
    const AVFrame *f = c->frame;
    const enum AVPixelFormat from = plain_format(f->format);
    uint8_t *const to[4] = { out->y, out->u, out->v, NULL };
    const int strides[4] = { out->y_stride, out->uv_stride, out->uv_stride, 0 };
    if (from == AV_PIX_FMT_YUV420P && out->width == f->width && out->height == f->height) {
        av_image_copy((uint8_t **)to, (int *)strides, (const uint8_t **)f->data, f->linesize, from, f->width, f->height);
        return GF_OK;
    }
    c->sws = sws_getCachedContext(c->sws, f->width, f->height, from, out->width, out->height, AV_PIX_FMT_YUV420P, SWS_AREA, NULL, NULL, NULL);
    if (!c->sws)
        return gf_fail(err, GF_EINPUT, "link.format", "Set the camera to 4:2:0.", "pictures of this format cannot be scaled");
    int got = sws_scale(c->sws, (const uint8_t *const *)f->data, f->linesize, 0, f->height, to, strides);
    return got < 0 ? camera_fail(err, GF_EINPUT, "link.format", "", "a picture cannot be scaled", got) : GF_OK;
}

/* ---- The table ---- */

extern const camera_module gf_camera_module;
__attribute__((visibility("default"))) const camera_module gf_camera_module = {
    .version = CAMERA_MODULE_VERSION,
    .bytes = sizeof(camera_module),
    .about = LIBAVFORMAT_IDENT ", " LIBAVCODEC_IDENT ", " LIBSWSCALE_IDENT,
    .open = begin,
    .close = done,
    .head = head,
    .packet = next_packet,
    .decode = decode,
    .picture = picture,
    .scale = scale,
    .clip = camera_clip,
};
