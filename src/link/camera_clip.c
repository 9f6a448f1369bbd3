/* Packets into a file, as they are. Parameter sets that a camera sends inside its stream are taken from the first key frame:
 * what stood in its description may be missing, or of another size. */
#include "link/camera_ffmpeg.h"

#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>

static const AVRational MICROS = { 1, 1000000 };

static gf_status set_extra(AVCodecParameters *par, const uint8_t *bytes, size_t len, gf_error *err)
{
    uint8_t *copy = av_mallocz(len + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!copy)
        return gf_fail_memory(err);
    memcpy(copy, bytes, len);
    av_freep(&par->extradata);
    par->extradata = copy;
    par->extradata_size = (int)len;
    return GF_OK;
}

static gf_status copy_packet(AVPacket *to, const camera_packet *from, gf_error *err)
{
    if (av_new_packet(to, (int)from->len) < 0)
        return gf_fail_memory(err);
    memcpy(to->data, from->bytes, from->len);
    to->pts = from->pts_us == CAMERA_NO_STAMP ? AV_NOPTS_VALUE : from->pts_us;
    to->dts = from->dts_us;
    to->flags = from->key ? AV_PKT_FLAG_KEY : 0;
    return GF_OK;
}

/* Nothing found is no failure: then the head's own stand. */
static gf_status find_extra(AVCodecParameters *par, const camera_packet *key, AVPacket *packet, gf_error *err)
{
    const AVBitStreamFilter *filter = av_bsf_get_by_name("extract_extradata");
    AVBSFContext *bsf = NULL;
    gf_status status = GF_OK;
    if (par->extradata_size && par->extradata[0] == 1)   /* avcC, hvcC: from a container, where it cannot change */
        return GF_OK;
    if (!filter || av_bsf_alloc(filter, &bsf) < 0)
        return GF_OK;
    if (avcodec_parameters_copy(bsf->par_in, par) >= 0 && av_bsf_init(bsf) >= 0 && !(status = copy_packet(packet, key, err)) &&
        av_bsf_send_packet(bsf, packet) >= 0 && av_bsf_receive_packet(bsf, packet) >= 0) {
        size_t len = 0;
        const uint8_t *extra = av_packet_get_side_data(packet, AV_PKT_DATA_NEW_EXTRADATA, &len);
        if (extra && len)
            status = set_extra(par, extra, len, err);
    }
    av_packet_unref(packet);
    av_bsf_free(&bsf);
    return status;
}

static gf_status describe(AVStream *stream, const camera_head *head, const camera_packet *key, AVPacket *packet, gf_error *err)
{
    AVCodecParameters *par = stream->codecpar;
    par->codec_type = AVMEDIA_TYPE_VIDEO;
    par->codec_id = (enum AVCodecID)head->codec;
    par->width = head->width;
    par->height = head->height;
    stream->time_base = MICROS;
    gf_status status = head->extra_bytes ? set_extra(par, head->extra, head->extra_bytes, err) : GF_OK;
    return status ? status : find_extra(par, key, packet, err);
}

/* Until the next one; the last lasts as long as the one before, for a sample without length is not shown. */
static int64_t length_of(const camera_packet *packets, size_t count, size_t i)
{
    i = i + 1 < count ? i : count < 2 ? 0 : count - 2;
    return i + 1 < count ? packets[i + 1].dts_us - packets[i].dts_us : 40000;
}

static gf_status write_packets(AVFormatContext *out, const camera_packet *packets, size_t count, AVPacket *packet, gf_error *err)
{
    for (size_t i = 0; i < count; i++) {
        gf_status status = copy_packet(packet, &packets[i], err);
        if (status)
            return status;
        packet->duration = length_of(packets, count, i);
        av_packet_rescale_ts(packet, MICROS, out->streams[0]->time_base);
        int got = av_interleaved_write_frame(out, packet);   /* takes the packet */
        if (got < 0)
            return camera_fail(err, GF_EIO, "link.clip", "", "a packet cannot be written", got);
    }
    return GF_OK;
}

static gf_status write_file(AVFormatContext *out, const char *path, const camera_head *head, const camera_packet *packets, size_t count, AVPacket *packet, gf_error *err)
{
    AVStream *stream = avformat_new_stream(out, NULL);
    if (!stream || !packet)
        return gf_fail_memory(err);
    gf_status status = describe(stream, head, &packets[0], packet, err);
    if (status)
        return status;
    int got = avio_open(&out->pb, path, AVIO_FLAG_WRITE);
    if (got < 0)
        return camera_fail(err, GF_EIO, "link.clip", "Check the folder and the room on the disk.", "the clip cannot be created", got);
    if ((got = avformat_write_header(out, NULL)) < 0)
        return camera_fail(err, GF_EIO, "link.clip", "", "the clip's head cannot be written", got);
    if ((status = write_packets(out, packets, count, packet, err)))
        return status;
    if ((got = av_write_trailer(out)) < 0)
        return camera_fail(err, GF_EIO, "link.clip", "", "the clip's end cannot be written", got);
    got = avio_closep(&out->pb);
    return got < 0 ? camera_fail(err, GF_EIO, "link.clip", "Make room on the disk.", "the clip cannot be closed", got) : GF_OK;
}

gf_status camera_clip(const char *path, const char *container, const camera_head *head, const camera_packet *packets, size_t count, gf_error *err)
{
    AVFormatContext *out = NULL;
    AVPacket *packet = av_packet_alloc();
    int got = avformat_alloc_output_context2(&out, NULL, container, NULL);
    gf_status status = got < 0 ? camera_fail(err, GF_EIO, "link.clip", "", "the container is not known", got) : write_file(out, path, head, packets, count, packet, err);
    if (out && out->pb)
        (void)avio_closep(&out->pb);   /* after a failure that has been told already */
    avformat_free_context(out);
    av_packet_free(&packet);
    return status;
}
